/**
 * JSON as bytes: a validating scanner that finds ranges instead of building values, and a writer for the few documents
 * that the gateway says itself.
 *
 * <p>Start at {@link dev.sluice.protocol.json.JsonScanner}.
 */
@NullMarked
package dev.sluice.protocol.json;

import org.jspecify.annotations.NullMarked;
