/* Octavo, the C side: the whole ABI.
 *
 * A *backend* is one row of a table (native-scalar, native-avx2, ...). A *spec* is what the weights decide, a flat block
 * of int64 words. octavo_prepare() makes of it a *plan*, and of the weights *packed* bytes, both opaque, in memory of the
 * caller's. A *shape* is what the input decides, a few int64 words. The work of a shape is divided into *strips* that may be
 * run in any order, in any partition, by any number of threads that share the plan, each with a scratch of its own; what
 * scratch holds between two calls is worthless. Every backend gives the same bits.
 *
 * The library allocates nothing, starts no thread, has no mutable global, and needs no libc. It trusts its caller:
 * arguments were checked (types, extents, strides) before they come here. What it must trust at run time is in two places
 * alone, plan and shape: the plan holds addresses and extents, so nobody but its owner may be able to write to it. Whatever
 * packed, scratch, input and output hold, nothing but values is read from them.
 *
 * Alignment: `plan` and `packed` 64 bytes. Any other pointer needs only the alignment of its elements (1 for u8 and s8, 4 for s32 and
 * f32, 8 for f64), scratch and specs none at all. Strides are in bytes.
 */
#ifndef OCTAVO_H
#define OCTAVO_H

#include <stdint.h>

#define OCTAVO_API __attribute__((visibility("default")))
#define OCTAVO_ABI_VERSION 4

enum octavo_op {
  OCTAVO_GEMM,             /* dst[m,n] = sum_k (lhs[m,k] - zl) * (rhs[n,k] - zr[n]), then the output stage */
  OCTAVO_CONV,             /* the same sum over filter taps and input channels; padding has the value zl */
  OCTAVO_REQUANTIZE,       /* s32|s8|u8 -> s8|u8: (x - zero point) + bias, then a recipe */
  OCTAVO_QUANTIZE,         /* f32 -> s8|u8 by a rule */
  OCTAVO_DEQUANTIZE,       /* s8|u8|s32 -> f32 */
  OCTAVO_DYNAMIC_QUANTIZE, /* f32 -> s8|u8, scale and zero point found from the data and written out */
  OCTAVO_FAKE_QUANTIZE     /* f32 -> f32 through an integer grid */
};

enum octavo_type { OCTAVO_U8, OCTAVO_S8, OCTAVO_S32, OCTAVO_F32 };

/* Where the zero point (and scale) of the lhs come from. */
enum octavo_lhs_quantization { OCTAVO_FIXED, OCTAVO_PER_TENSOR, OCTAVO_PER_ROW };

enum octavo_output { OCTAVO_ACCUMULATORS, OCTAVO_REQUANTIZED, OCTAVO_DEQUANTIZED };

enum octavo_bias { OCTAVO_BIAS_NONE, OCTAVO_BIAS_S32, OCTAVO_BIAS_F32 };

/* The formulas are in src/requant.h. */
enum octavo_recipe {
  OCTAVO_FLOAT32_NEAREST_EVEN,        /* multipliers f32 */
  OCTAVO_FIXED_POINT_DOUBLE_ROUNDING, /* multipliers s32 in {0} or [2^30, 2^31), shifts s32 in [-31, 30] */
  OCTAVO_FIXED_POINT_SINGLE_ROUNDING, /* the same */
  OCTAVO_FLOAT64_HALF_AWAY,           /* multipliers f64 */
  OCTAVO_FLOAT32_ZERO_POINT_FIRST,    /* multipliers f32 */
  OCTAVO_FLOAT32_FLOAT_BIAS           /* multipliers f32, bias f32 in accumulator units */
};

/* Rules of QUANTIZE; FAKE_QUANTIZE takes them too, and LEVELS besides. */
enum octavo_rule {
  OCTAVO_DIVIDE_HALF_EVEN,          /* RNE(f32(x / s)) + zp */
  OCTAVO_MULTIPLY_HALF_EVEN,        /* RNE(f32(x * f32(1 / s))) + zp */
  OCTAVO_DIVIDE_HALF_AWAY,          /* half-away(f32(x / s)) + zp */
  OCTAVO_MULTIPLY_ZERO_POINT_FIRST, /* RNE(f32(f32(x * f32(1 / s)) + zp)) */
  OCTAVO_LEVELS                     /* OpenVINO FakeQuantize */
};

/* Rules of DYNAMIC_QUANTIZE. */
enum octavo_dynamic_rule { OCTAVO_ASYMMETRIC, OCTAVO_SYMMETRIC };

/* The words of a spec. Words that an op does not use are 0. */
enum octavo_spec {
  OCTAVO_SPEC_OP,
  OCTAVO_SPEC_N,               /* GEMM: n. CONV: output channels. Elementwise: channels (1 = per tensor) */
  OCTAVO_SPEC_K,               /* GEMM: k. CONV: input channels, of all groups */
  OCTAVO_SPEC_LHS_TYPE,        /* elementwise: the input's type */
  OCTAVO_SPEC_RHS_TYPE,
  OCTAVO_SPEC_LHS_QUANTIZATION,/* DYNAMIC_QUANTIZE: OCTAVO_PER_TENSOR or OCTAVO_PER_ROW */
  OCTAVO_SPEC_LHS_ZERO_POINT,  /* when OCTAVO_FIXED; REQUANTIZE: the input's zero point */
  OCTAVO_SPEC_LHS_SCALE,       /* when OCTAVO_FIXED: the bits of an f32, in the low half */
  OCTAVO_SPEC_ZERO_POINTS,     /* how many there are: 1 or n */
  OCTAVO_SPEC_OUTPUT,
  OCTAVO_SPEC_OUTPUT_TYPE,     /* of a REQUANTIZED output, of QUANTIZE, of DYNAMIC_QUANTIZE */
  OCTAVO_SPEC_RECIPE,
  OCTAVO_SPEC_RULE,            /* enum octavo_rule or octavo_dynamic_rule */
  OCTAVO_SPEC_MULTIPLIERS,     /* how many multipliers (or scales) there are: 1 or n */
  OCTAVO_SPEC_OUTPUT_ZERO_POINT,
  OCTAVO_SPEC_MIN,             /* the clamp, in the output type; QUANTIZE and FAKE_QUANTIZE: the grid's ends */
  OCTAVO_SPEC_MAX,
  OCTAVO_SPEC_LEVELS,          /* FAKE_QUANTIZE by OCTAVO_LEVELS */
  OCTAVO_SPEC_BIAS,
  OCTAVO_SPEC_KERNEL_H,        /* CONV, down to GROUPS; 1-D has height 1 */
  OCTAVO_SPEC_KERNEL_W,
  OCTAVO_SPEC_STRIDE_H,
  OCTAVO_SPEC_STRIDE_W,
  OCTAVO_SPEC_DILATION_H,
  OCTAVO_SPEC_DILATION_W,
  OCTAVO_SPEC_PAD_TOP,
  OCTAVO_SPEC_PAD_LEFT,
  OCTAVO_SPEC_PAD_BOTTOM,
  OCTAVO_SPEC_PAD_RIGHT,
  OCTAVO_SPEC_GROUPS,
  OCTAVO_SPEC_WEIGHT_STRIDE_O, /* read by octavo_prepare alone. GEMM: o = n, i = k; CONV: i counts inside a group */
  OCTAVO_SPEC_WEIGHT_STRIDE_H,
  OCTAVO_SPEC_WEIGHT_STRIDE_W,
  OCTAVO_SPEC_WEIGHT_STRIDE_I,
  OCTAVO_SPEC_WORDS
};

/* The words of a shape. */
enum octavo_rows { OCTAVO_ROWS_M, OCTAVO_ROWS_LHS_STRIDE, OCTAVO_ROWS_DST_STRIDE };
enum octavo_image {
  OCTAVO_IMAGE_BATCH,
  OCTAVO_IMAGE_HEIGHT,
  OCTAVO_IMAGE_WIDTH,
  OCTAVO_IMAGE_IN_STRIDE_N,
  OCTAVO_IMAGE_IN_STRIDE_H,
  OCTAVO_IMAGE_IN_STRIDE_W,
  OCTAVO_IMAGE_IN_STRIDE_C,
  OCTAVO_IMAGE_OUT_STRIDE_N,
  OCTAVO_IMAGE_OUT_STRIDE_H,
  OCTAVO_IMAGE_OUT_STRIDE_W,
  OCTAVO_IMAGE_OUT_STRIDE_C
};
enum octavo_elements {            /* outer rows of channels * inner contiguous elements */
  OCTAVO_ELEMENTS_OUTER,
  OCTAVO_ELEMENTS_INNER,
  OCTAVO_ELEMENTS_IN_STRIDE,
  OCTAVO_ELEMENTS_OUT_STRIDE
};
#define OCTAVO_SHAPE_WORDS 11

/* Crosses by value: nobody can change it under a run, neither a host that shares scratch between two threads by mistake
 * nor one that means harm. For the same reason nothing read back from packed, scratch, input or output may become an address
 * or an extent. */
struct octavo_shape {
  int64_t words[OCTAVO_SHAPE_WORDS];
};

/* The words of a layout: where octavo_prepare() put rhs[o][h][w][i] (GEMM: h = w = 0, o = n, i = k).
 *
 *   g = o / group_n,  j = o % group_n,  p = j / nr,  width = min(nr, round_up(group_n - p * nr, quantum))
 *   run = h * runs_w + w / merged_w,   at = (w % merged_w) * run_i + i,   q = run * run_packed + at
 *   byte = offset + g * group_stride + p * panel_stride + (q / kr) * width * kr + (j % nr) * kr + q % kr
 *
 * The value there is rhs XOR flip. Bytes of that area that no element claims are zero. A layout with kr = 0 packs
 * nothing (elementwise ops). */
enum octavo_layout {
  OCTAVO_LAYOUT_MR,
  OCTAVO_LAYOUT_NR,
  OCTAVO_LAYOUT_KR,
  OCTAVO_LAYOUT_OFFSET,       /* of the weights in the packed bytes */
  OCTAVO_LAYOUT_BYTES,        /* of the weights */
  OCTAVO_LAYOUT_GROUP_N,
  OCTAVO_LAYOUT_GROUP_STRIDE,
  OCTAVO_LAYOUT_PANEL_STRIDE,
  OCTAVO_LAYOUT_QUANTUM,
  OCTAVO_LAYOUT_RUNS_W,       /* runs per filter row: kernel width, or 1 where a filter row is one run */
  OCTAVO_LAYOUT_MERGED_W,     /* filter columns in a run: 1, or the kernel width */
  OCTAVO_LAYOUT_RUN_I,        /* input channels of one filter column in a run */
  OCTAVO_LAYOUT_RUN_PACKED,   /* length of a run in packed k */
  OCTAVO_LAYOUT_FLIP,         /* 0 or 0x80 */
  OCTAVO_LAYOUT_WORDS
};

/* What a caller may forbid, to cap the tiers in tests. */
enum octavo_feature {
  OCTAVO_FEATURE_AVX2 = 1,
  OCTAVO_FEATURE_AVXVNNI = 2,
  OCTAVO_FEATURE_AVX512VNNI = 4,
  OCTAVO_FEATURE_AMX = 8
};

#ifdef __cplusplus
extern "C" {
#endif

OCTAVO_API int32_t octavo_abi_version(void);

/* Backends, in no promised order; index 0 is native-scalar. */
OCTAVO_API int32_t octavo_backend_count(void);
OCTAVO_API const char *octavo_backend_id(int32_t backend);
OCTAVO_API int32_t octavo_backend_rank(int32_t backend);

/* "" = usable; "emulated: why" = right but slow; otherwise why it cannot run here. `forbidden` is a set of features to
 * treat as absent. Asks the operating system for AMX state where the CPU has it. */
OCTAVO_API const char *octavo_backend_status(int32_t backend, int64_t forbidden);

/* What would run: the kernel for this spec, and for this shape if one is given (NULL = in general). */
OCTAVO_API const char *octavo_kernel_name(int32_t backend, const int64_t *spec, const struct octavo_shape *shape);
OCTAVO_API void octavo_plan_layout(int32_t backend, const int64_t *spec, int64_t *layout);

/* Packs. `weights` is read through the weight strides; `zero_points` s32[ZERO_POINTS] (rhs, or QUANTIZE's grid);
 * `multipliers` f32|s32|f64[MULTIPLIERS] as the recipe says, DEQUANTIZED: the rhs scales, elementwise: the scales, LEVELS:
 * f32[4 * MULTIPLIERS]: input low, input high, output low, output high of channel 0, of channel 1, ...;
 * `shifts` s32[MULTIPLIERS] for fixed point; `bias` s32[n] or f32[n]. Unused pointers may be NULL. The plan remembers where
 * `packed` is: neither moves afterwards.
 *
 * Weights that are not in one piece come in parts, in order: panels [first, last) of the layout, counted through all
 * groups, where `weights` is that of the first column of panel `first`. 0 to INT64_MAX is all, elementwise ops too. */
OCTAVO_API int64_t octavo_plan_bytes(void);
OCTAVO_API int64_t octavo_packed_bytes(int32_t backend, const int64_t *spec);
OCTAVO_API void octavo_prepare(int32_t backend, const int64_t *spec, const void *weights, const int32_t *zero_points,
                               const void *multipliers, const int32_t *shifts, const void *bias, void *plan, void *packed,
                               int64_t first, int64_t last);

/* Runs strips [first, last). `packed` is that of octavo_prepare(): a binding that keeps alive what it passes keeps it alive.
 * `zero_points` and `scales`: read by run-time quantized GEMM and CONV (one, or one per row; scales only for a DEQUANTIZED
 * output), written by DYNAMIC_QUANTIZE; otherwise NULL.
 * `scratch` is NULL where 0 bytes of it are needed, and only there. */
OCTAVO_API int64_t octavo_strips(const void *plan, struct octavo_shape shape);
OCTAVO_API int64_t octavo_scratch_bytes(const void *plan, struct octavo_shape shape);
OCTAVO_API void octavo_run(const void *plan, const void *packed, struct octavo_shape shape, const void *input, void *output,
                           int32_t *zero_points, float *scales, void *scratch, int64_t first, int64_t last);

/* A strip of DYNAMIC_QUANTIZE is as long as the data that has one scale, and one of GEMM has all of k. Where that is long,
 * octavo_steps() is greater than 1, and for whoever must not be away for long octavo_run_step() runs one strip in steps, 0 to
 * steps - 1, in this order; nobody else may touch its scale and zero point, or the scratch, meanwhile. */
OCTAVO_API int64_t octavo_steps(const void *plan, struct octavo_shape shape);
OCTAVO_API void octavo_run_step(const void *plan, const void *packed, struct octavo_shape shape, const void *input,
                                void *output, int32_t *zero_points, float *scales, void *scratch, int64_t strip, int64_t step);

#ifdef __cplusplus
}
#endif
#endif
