/**
 * Tencent Hunyuan's own wire format: one action at the root path, members in Pascal case, and errors with status 200.
 *
 * <p>Start at {@link dev.sluice.simulator.hunyuan.HunyuanVoices}.
 */
@NullMarked
package dev.sluice.simulator.hunyuan;

import org.jspecify.annotations.NullMarked;
