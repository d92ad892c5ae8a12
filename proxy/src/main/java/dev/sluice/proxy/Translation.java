package dev.sluice.proxy;

import dev.sluice.protocol.chat.ChatFormat;
import dev.sluice.protocol.chat.ChatFormat.ClientView;

/**
 * How one attempt's answer comes from the upstream's format into the client's.
 *
 * @param client the format that the client speaks
 * @param upstream the format that the upstream speaks
 * @param view what the answer must know of the request
 * @param toStream whether the client wants its answer event by event
 */
record Translation(ChatFormat client, ChatFormat upstream, ClientView view, boolean toStream) {}
