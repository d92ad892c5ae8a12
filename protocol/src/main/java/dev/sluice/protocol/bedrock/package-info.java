/**
 * Amazon Bedrock's Converse API: JSON, and for streams the binary frames of AWS's event stream.
 *
 * <p>Start at {@link dev.sluice.protocol.bedrock.Bedrock}.
 */
@NullMarked
package dev.sluice.protocol.bedrock;

import org.jspecify.annotations.NullMarked;
