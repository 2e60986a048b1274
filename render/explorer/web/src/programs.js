// How nodes and lines are painted: sigma's own programs with other last words.

import { EdgeArrowHeadProgram, EdgeLineProgram, EdgeRectangleProgram, NodePointProgram, createEdgeClampedProgram, createEdgeCompoundProgram } from "sigma/rendering";
import { floatColor } from "sigma/utils";

/** Replaces what must be there: another version of sigma would say something else. */
function swap(source, from, to) {
  if (!source.includes(from)) throw new Error("sigma's shader lacks: " + from);
  return source.replace(from, to);
}

/** How far a point is from the middle, as its shape measures, in radii. */
const distances = {
  circle: "length(p)",
  square: "max(abs(p.x), abs(p.y)) / 0.73",
  diamond: "(abs(p.x) + abs(p.y)) / 1.0",
  hexagon: "max(abs(p.x) * 0.866 + abs(p.y) * 0.5, abs(p.y)) / 0.87",
};

/** @param {string} color "#rrggbb" */
function vec3(color) {
  return [1, 3, 5].map((i) => (parseInt(color.slice(i, i + 2), 16) / 255).toFixed(4)).join(", ");
}

/** Points, not sigma's circles: where there is no graphics card, an instance costs as much as hundreds of pixels. */
function nodeProgram(shape, outside, back) {
  const source = `
precision highp float;
varying vec4 v_color;
varying float v_border;
void main(void) {
  vec2 p = 2.0 * gl_PointCoord - 1.0;
  float d = ${distances[shape]};
  #ifdef PICKING_MODE
  if (d > 1.0) discard;
  gl_FragColor = v_color;
  #else
  float soft = min(0.5, 2.0 * v_border);
  float ring = smoothstep(0.84 - soft, 0.84, d);
  ${outside ? "if (fract(atan(p.y, p.x) * 1.2732) > 0.62) ring *= 0.15;" : ""}
  vec3 inner = mix(vec3(${vec3(back)}), v_color.rgb, 0.2);
  vec3 color = mix(inner, v_color.rgb, ring);
  float a = 1.0 - smoothstep(1.0 - soft, 1.0, d);
  gl_FragColor = vec4(color * a, a);
  #endif
}`;
  return class extends NodePointProgram {
    getDefinition() {
      return { ...super.getDefinition(), FRAGMENT_SHADER_SOURCE: source };
    }
  };
}

/** A program for each shape, inside and "-outside". @param {string} back the colour behind */
export function nodePrograms(back) {
  const all = {};
  for (const shape of Object.keys(distances)) {
    all[shape] = nodeProgram(shape, false, back);
    all[shape + "-outside"] = nodeProgram(shape, true, back);
  }
  return all;
}

/** A line that breaks off every few pixels. */
class Dashed extends createEdgeClampedProgram() {
  getDefinition() {
    const d = super.getDefinition();
    let vertex = swap(d.VERTEX_SHADER_SOURCE, "varying float v_feather;", "varying float v_feather;\nvarying float v_far;");
    vertex = swap(vertex, "v_thickness = webGLThickness", "v_far = a_positionCoef * length(a_positionEnd - a_positionStart) / (2.0 * u_correctionRatio);\n  v_thickness = webGLThickness");
    let fragment = swap(d.FRAGMENT_SHADER_SOURCE, "precision mediump float;", "precision highp float;\nvarying float v_far;");
    fragment = swap(fragment, "float dist = length(v_normal)", "if (mod(v_far, 9.0) > 5.5) discard;\n  float dist = length(v_normal)");
    return { ...d, VERTEX_SHADER_SOURCE: vertex, FRAGMENT_SHADER_SOURCE: fragment };
  }
}

/** A line of one pixel, for pictures of many: two points without instances. */
class Thin extends EdgeLineProgram {
  getDefinition() {
    const d = super.getDefinition();
    const vertex = swap(swap(d.VERTEX_SHADER_SOURCE, "uniform mat3 u_matrix;", "attribute float a_far;\nuniform mat3 u_matrix;\nuniform float u_correctionRatio;\nvarying float v_far;"), "void main() {", "void main() {\n  v_far = a_far / (2.0 * u_correctionRatio);");
    const fragment = swap(swap(d.FRAGMENT_SHADER_SOURCE, "precision mediump float;", "precision highp float;\nvarying float v_far;"), "gl_FragColor", this.broken() + "gl_FragColor");
    return {
      ...d, VERTEX_SHADER_SOURCE: vertex, FRAGMENT_SHADER_SOURCE: fragment, UNIFORMS: [...d.UNIFORMS, "u_correctionRatio"],
      ATTRIBUTES: [...d.ATTRIBUTES, { name: "a_far", size: 1, type: WebGLRenderingContext.FLOAT }],
    };
  }

  broken() {
    return "";
  }

  processVisibleItem(edge, at, source, target, data) {
    const color = floatColor(data.color);
    const far = Math.hypot(target.x - source.x, target.y - source.y);
    this.array.set([source.x, source.y, color, edge, 0, target.x, target.y, color, edge, far], at);
  }

  setUniforms(params, info) {
    super.setUniforms(params, info);
    info.gl.uniform1f(info.uniformLocations.u_correctionRatio, params.correctionRatio);
  }
}

class ThinDashed extends Thin {
  broken() {
    return "if (mod(v_far, 8.0) > 5.0) discard;\n  ";
  }
}

/** Lines: with an arrow, with an arrow and dashed, plain; and of one pixel. */
export const edgePrograms = {
  arrow: createEdgeCompoundProgram([createEdgeClampedProgram(), EdgeArrowHeadProgram]),
  dashed: createEdgeCompoundProgram([Dashed, EdgeArrowHeadProgram]),
  plain: EdgeRectangleProgram,
  thin: Thin,
  "thin-dashed": ThinDashed,
};
