/* A simulated native: it has the one entry of ONNX Runtime and says that it is of version VERSION. It can run nothing. */
#include <stdint.h>

#ifndef VERSION
#define VERSION "1.20.0"
#endif

static const char *version(void) { return VERSION; }
static const void *api(uint32_t asked) { (void)asked; return 0; }

struct api_base { const void *(*get_api)(uint32_t); const char *(*get_version)(void); };
static const struct api_base base = { api, version };

const struct api_base *OrtGetApiBase(void) { return &base; }
