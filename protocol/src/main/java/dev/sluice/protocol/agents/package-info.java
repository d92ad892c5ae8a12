/**
 * Agent services that are called like a model: Dify's applications and applications of Alibaba Cloud Bailian.
 *
 * <p>Start at {@link dev.sluice.protocol.agents.Agents}.
 */
@NullMarked
package dev.sluice.protocol.agents;

import org.jspecify.annotations.NullMarked;
