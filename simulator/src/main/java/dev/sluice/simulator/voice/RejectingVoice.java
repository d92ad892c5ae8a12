package dev.sluice.simulator.voice;

/** A voice that rejects what breaks the rules of its format while it reads, and refuses it then. */
public interface RejectingVoice extends Voice {
    /** The answer to a request; a wrong request is rejected. */
    Script reply(Heard heard, Wishes wishes) throws Rejection;

    @Override
    default Script answer(Heard heard, Wishes wishes) {
        try {
            return reply(heard, wishes);
        } catch (Rejection rejection) {
            return refusal(rejection.complaint());
        }
    }
}
