package dev.sluice.simulator.voice;

import io.vertx.core.json.JsonObject;

/** A number inside the limits that a JSON Schema sets: 1 when that is allowed. */
final class SampleNumber {
    private SampleNumber() {}

    static long integer(JsonObject schema) {
        double low =
                Math.max(limit(schema, "minimum", -1e18), Math.floor(limit(schema, "exclusiveMinimum", -1e18)) + 1);
        double high = Math.min(limit(schema, "maximum", 1e18), Math.ceil(limit(schema, "exclusiveMaximum", 1e18)) - 1);
        long step = Math.max(1, (long) limit(schema, "multipleOf", 1));
        long least = (long) Math.ceil(low);
        long most = (long) Math.floor(high);
        long wanted = Math.max(least, Math.min(most, 1));
        return step == 1 ? wanted : multiple(wanted, step, most);
    }

    private static long multiple(long wanted, long step, long most) {
        long above = Math.ceilDiv(wanted, step) * step;
        return above <= most ? above : Math.floorDiv(most, step) * step;
    }

    static double number(JsonObject schema) {
        double step = limit(schema, "multipleOf", 0);
        double low = limit(schema, "minimum", -1e18);
        double high = limit(schema, "maximum", 1e18);
        double above = limit(schema, "exclusiveMinimum", -1e18);
        double below = limit(schema, "exclusiveMaximum", 1e18);
        double wanted = Math.max(low, Math.min(high, 1.5));
        if (wanted <= above || wanted >= below) {
            double floor = Math.max(low, above);
            double ceiling = Math.min(high, below);
            wanted = ceiling - floor > 2
                    ? floor < 1e17 && floor > -1e17 ? floor + 1 : ceiling - 1
                    : (floor + ceiling) / 2;
        }
        if (step <= 0) {
            return wanted;
        }
        double up = Math.ceil(wanted / step) * step;
        return up <= high && up < below ? up : Math.floor(wanted / step) * step;
    }

    /** A limit as a finite number; absurd values such as 1e400 mean no limit. */
    private static double limit(JsonObject schema, String word, double none) {
        return schema.getValue(word) instanceof Number number
                        && Double.isFinite(number.doubleValue())
                        && Math.abs(number.doubleValue()) <= 1e18
                ? number.doubleValue()
                : none;
    }
}
