package dev.sluice.simulator.fault;

import dev.sluice.simulator.voice.Complaint;
import dev.sluice.simulator.voice.Header;
import dev.sluice.simulator.voice.Wishes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How one answer differs from a plain one. Written as directives such as {@code status=429;retry-after=2}; the grammar is in the
 * README of this module.
 *
 * @param wishes what is asked of the content
 * @param pace how fast the answer comes
 * @param refusal the error to answer with; null to answer
 * @param headers added to the head of the answer
 * @param stop where the answer breaks off
 * @param dress how the bytes are changed on their way
 */
public record Fault(Wishes wishes, Pace pace, @Nullable Refusal refusal, List<Header> headers, Stop stop, Dress dress) {
    public static final Fault NONE = new Fault(Wishes.NONE, Pace.NONE, null, List.of(), Stop.NONE, Dress.NONE);

    /** An error answer at full speed. */
    public static Fault refusing(Complaint complaint) {
        Refusal refusal = new Refusal(complaint, null, null);
        return new Fault(Wishes.NONE, Pace.NONE, refusal, List.of(), Stop.NONE, Dress.NONE);
    }

    public Fault {
        headers = List.copyOf(headers);
    }

    /**
     * Reads directives.
     *
     * @throws FaultSyntaxException when they break the grammar; its message says how
     */
    public static Fault parse(String directives) {
        return directives.isBlank() ? NONE : Directives.parse(directives).fault();
    }
}
