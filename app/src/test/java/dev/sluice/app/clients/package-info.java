/**
 * The clients that callers really use, against a running gateway over a simulated provider. Start at {@link
 * dev.sluice.app.clients.OpenAiJavaTest}; what all of them are served with is in {@link dev.sluice.app.clients.Served}.
 */
@NullMarked
package dev.sluice.app.clients;

import org.jspecify.annotations.NullMarked;
