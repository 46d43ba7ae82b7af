/* Simulated natives: the few version functions of libcuda, libcudart, libcudnn and libnvinfer, as a Jetson AGX Orin with JetPack 6.2 would answer. */
#include <stddef.h>
#include <string.h>

int cuInit(unsigned flags) { return flags == 0 ? SIMULATED_CUINIT : 1; }
int cuDriverGetVersion(int *version) { *version = 12060; return 0; }
int cuDeviceGetCount(int *count) { *count = 1; return 0; }
int cuDeviceGetName(char *name, int length, int device) { strncpy(name, "Simulated Orin", (size_t)length); return device; }
int cuDeviceGetAttribute(int *value, int attribute, int device) { *value = attribute == 75 ? 8 : attribute == 76 ? 7 : -1; return device; }
int cudaRuntimeGetVersion(int *version) { *version = 12060; return 0; }
size_t cudnnGetVersion(void) { return 90300; }
int getInferLibVersion(void) { return 100300; }
