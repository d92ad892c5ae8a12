/**
 * As much of HTTP/1.1 as a load generator and a mock server need, read from byte arrays without garbage.
 *
 * <p>Start at {@link dev.sluice.bench.http.AnswerReader}.
 */
@NullMarked
package dev.sluice.bench.http;

import org.jspecify.annotations.NullMarked;
