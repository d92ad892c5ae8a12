package dev.sluice.simulator.voice;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** A quick 64-bit hash of a request; stable across runs and machines, not meant to resist attack. */
public final class Seed {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private Seed() {}

    public static long of(String path, byte[] body) {
        long hash = mix(path.hashCode() * 31L + body.length);
        int at = 0;
        for (; at + Long.BYTES <= body.length; at += Long.BYTES) {
            hash = mix(hash ^ (long) LONGS.get(body, at));
        }
        long rest = 0;
        for (; at < body.length; at++) {
            rest = rest << 8 | (body[at] & 0xff);
        }
        return mix(hash ^ rest);
    }

    /** The finaliser of SplitMix64: every input bit moves about half of the output bits. */
    public static long mix(long value) {
        long z = value + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
