package dev.sluice.admin.api;

/** Answers the calls of one operation of the contract. Runs on a virtual thread and may block. */
@FunctionalInterface
public interface Handler {
    /** @throws Refusal when the answer is an error that the caller can do something about */
    Answer answer(Call call);
}
