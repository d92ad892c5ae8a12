/**
 * Tencent Hunyuan's own protocol; its members are spelled in Pascal case.
 *
 * <p>Start at {@link dev.sluice.protocol.hunyuan.Hunyuan}.
 */
@NullMarked
package dev.sluice.protocol.hunyuan;

import org.jspecify.annotations.NullMarked;
