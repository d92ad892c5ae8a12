package dev.sluice.app.calls;

import dev.sluice.app.calls.FaultProxy.Harm;
import dev.sluice.app.calls.FaultProxy.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/** One harm to the bytes of one direction of one kind of call, which makes a row of a table of {@code docs/faults.md}. */
abstract class WireCase {
    /** What the cells of {@link #row} are. */
    static final String[] HEADINGS = {"bytes of", "harm", "where", "provider's format", "asked"};

    private static final List<String> HARMS = List.of("split", "coalesce", "drip", "reset", "truncate", "stall");

    final String bytes;
    final String harm;
    /** Where the harm is done; empty for those that only change the pieces in which bytes come. */
    final String place;

    final boolean translated;
    final boolean stream;

    /** Makes a case; null if there is none for such a place in such a call. */
    @FunctionalInterface
    interface Maker<C> {
        C make(String bytes, String harm, String place, boolean translated, boolean stream, int number);
    }

    WireCase(String bytes, String harm, String place, boolean translated, boolean stream) {
        this.bytes = bytes;
        this.harm = harm;
        this.place = place;
        this.translated = translated;
        this.stream = stream;
    }

    /** @param places where a harm is done to the bytes of a direction; none if it is not */
    static <C> List<C> all(BiFunction<String, String, List<String>> places, Maker<C> maker) {
        List<C> cases = new ArrayList<>();
        for (String bytes : List.of("request", "answer")) {
            for (String harm : HARMS) {
                for (String place : breaks(harm) ? places.apply(bytes, harm) : List.of("")) {
                    for (boolean translated : new boolean[] {false, true}) {
                        for (boolean stream : new boolean[] {false, true}) {
                            C made = maker.make(bytes, harm, place, translated, stream, cases.size());
                            if (made != null) cases.add(made);
                        }
                    }
                }
            }
        }
        return cases;
    }

    /** The place in the bytes. */
    abstract Point point();

    /** From now on the wire does this harm. */
    final void harm(FaultProxy wire) {
        Harm does = switch (harm) {
            case "split" -> new Harm.Split();
            case "coalesce" -> new Harm.Coalesce(100);
            case "drip" -> new Harm.Drip(7, 1);
            case "reset" -> new Harm.Reset(point());
            case "truncate" -> new Harm.Truncate(point());
            case "stall" -> new Harm.Stall(point());
            default -> throw new AssertionError(harm);
        };
        if (bytes.equals("request")) wire.harmRequests(does);
        else wire.harmAnswers(does);
    }

    final boolean losesNothing() {
        return place.isEmpty();
    }

    final List<String> row() {
        return List.of(bytes, harm, place, translated ? "another" : "the client's", stream ? "stream" : "whole");
    }

    @Override
    public String toString() {
        return bytes + " " + harm + " " + place + (translated ? ", translated" : "")
                + (stream ? ", stream" : ", whole");
    }

    private static boolean breaks(String harm) {
        return List.of("reset", "truncate", "stall").contains(harm);
    }
}
