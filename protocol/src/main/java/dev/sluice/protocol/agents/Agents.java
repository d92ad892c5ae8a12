package dev.sluice.protocol.agents;

import dev.sluice.protocol.chat.ChatFormat;

/** Agent services, called like a model. */
public final class Agents {
    private static final ChatFormat DIFY_CHAT = new DifyFormat(DifyFormat.Application.CHAT, null);
    private static final ChatFormat DIFY_COMPLETION = new DifyFormat(DifyFormat.Application.COMPLETION, null);
    private static final ChatFormat DIFY_WORKFLOW = new DifyFormat(DifyFormat.Application.WORKFLOW, null);
    private static final ChatFormat BAILIAN = new BailianFormat();

    private static final ChatFormat COZE = new CozeFormat();

    private Agents() {}

    /** {@code POST /chat-messages}: chats, chat flows and agents. */
    public static ChatFormat difyChat() {
        return DIFY_CHAT;
    }

    /** {@code POST /completion-messages}. */
    public static ChatFormat difyCompletion() {
        return DIFY_COMPLETION;
    }

    /** {@code POST /workflows/run}. */
    public static ChatFormat difyWorkflow() {
        return DIFY_WORKFLOW;
    }

    /** As {@link #difyWorkflow}, of which one output is the answer. */
    public static ChatFormat difyWorkflow(String outputVariable) {
        return new DifyFormat(DifyFormat.Application.WORKFLOW, outputVariable);
    }

    /** {@code POST /v3/chat}. */
    public static ChatFormat coze() {
        return COZE;
    }

    /** {@code POST /apps/ID/completion}. */
    public static ChatFormat bailian() {
        return BAILIAN;
    }
}
