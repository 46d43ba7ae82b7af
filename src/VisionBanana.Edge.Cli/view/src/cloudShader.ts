/**
 * Where the point of a pixel lies: its depth along the ray of the pixel, in the optical frame. The same function places the points on
 * the screen and writes them where tests read them back.
 */
const point = /* glsl */ `
precision highp usampler2D;
uniform usampler2D depthMap;
uniform sampler2D rayMap;
uniform ivec2 size;
uniform int stride;

ivec2 pixelOf(int index) {
  int columns = (size.x + stride - 1) / stride;
  return ivec2(index % columns, index / columns) * stride;
}

/** Metres; z = 0 is no point. */
vec3 pointOf(ivec2 pixel) {
  float z = float(texelFetch(depthMap, pixel, 0).r) / 1000.0;
  return vec3(texelFetch(rayMap, pixel, 0).rg * z, z);
}
`;

export const cloudVertex = /* glsl */ `${point}
uniform sampler2D colorMap;
uniform usampler2D idMap;
uniform sampler2D confidenceMap;
uniform sampler2D palette;
uniform sampler2D depthRamp;
uniform sampler2D confidenceRamp;
uniform int mode;
uniform float footprint;
uniform float minConfidence;
uniform vec2 depthLimits;
uniform vec2 range;
out vec3 shade;

void main() {
  ivec2 pixel = pixelOf(gl_VertexID);
  vec3 p = pointOf(pixel);
  float confidence = texelFetch(confidenceMap, pixel, 0).r;
  bool visible = p.z > 0.0 && p.z >= depthLimits.x && p.z <= depthLimits.y && confidence >= minConfidence;
  if (mode == 0) {
    shade = texelFetch(colorMap, pixel, 0).rgb;
  } else if (mode == 1) {
    float t = clamp((p.z - range.x) / max(range.y - range.x, 0.001), 0.0, 1.0);
    shade = texelFetch(depthRamp, ivec2(int(t * 255.0), 0), 0).rgb;
  } else if (mode == 2) {
    uint id = texelFetch(idMap, pixel, 0).r;
    vec4 colour = id == 65535u ? vec4(0.35, 0.35, 0.38, 1.0) : texelFetch(palette, ivec2(int(id) & 1023, 0), 0);
    visible = visible && colour.a > 0.5;
    shade = colour.rgb;
  } else {
    shade = texelFetch(confidenceRamp, ivec2(int(clamp(confidence, 0.0, 1.0) * 255.0), 0), 0).rgb;
  }
  if (!visible) {
    gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
    gl_PointSize = 1.0;
    return;
  }
  gl_Position = projectionMatrix * modelViewMatrix * vec4(p, 1.0);
  // As large as the pixel is out there, so that surfaces close and what is near hides what is behind.
  gl_PointSize = clamp(footprint * p.z / gl_Position.w, 1.0, 24.0);
}
`;

export const cloudFragment = /* glsl */ `
in vec3 shade;
out vec4 fragment;
void main() {
  fragment = vec4(shade, 1.0);
}
`;

export const readBackVertex = /* glsl */ `${point}
out vec4 value;
void main() {
  ivec2 pixel = pixelOf(gl_VertexID);
  value = vec4(pointOf(pixel), 1.0);
  gl_Position = vec4((vec2(pixel) + 0.5) / vec2(size) * 2.0 - 1.0, 0.0, 1.0);
  gl_PointSize = 1.0;
}
`;

export const readBackFragment = /* glsl */ `
in vec4 value;
out vec4 fragment;
void main() {
  fragment = value;
}
`;
