package dev.sluice.store.journal;

import dev.sluice.protocol.Units;
import dev.sluice.protocol.Usage;
import dev.sluice.store.journal.ByteSource.MalformedException;
import dev.sluice.traffic.usage.Outcome;
import dev.sluice.traffic.usage.Provenance;
import dev.sluice.traffic.usage.UsageRecord;

/**
 * The bytes of a usage record: a version, then its fields in order. How its texts are written is up to the place: in
 * full in the journal, by dictionary in the blocks of the database.
 */
public final class RecordCodec {
    /** Longer texts are cut. Some come from clients, who may send a megabyte as the name of a model. */
    public static final int MAX_TEXT = 256;

    /** Of records without units. */
    private static final int VERSION = 1;
    /** Of records that end with their units. */
    private static final int WITH_UNITS = 2;

    /** How texts are written: names, which repeat, and ids, which do not. */
    public interface TextWriter {
        void write(ByteSink out, String text);

        void writeId(ByteSink out, String id);
    }

    /** The other side of a {@link TextWriter}. */
    public interface TextReader {
        String read(ByteSource in) throws MalformedException;

        String readId(ByteSource in) throws MalformedException;
    }

    private RecordCodec() {}

    public static void write(UsageRecord r, ByteSink out, TextWriter texts) {
        out.writeByte(r.units().isNone() ? VERSION : WITH_UNITS);
        texts.writeId(out, r.id());
        out.writeVarint(r.startedAtMillis());
        texts.write(out, r.tenant());
        texts.write(out, r.modelApi());
        texts.write(out, r.operation());
        texts.write(out, r.service());
        texts.write(out, r.provider());
        texts.write(out, r.providerKey());
        texts.write(out, r.askedModel());
        texts.write(out, r.model());
        texts.write(out, r.apiKey());
        texts.write(out, r.apiKeyId());
        texts.write(out, r.consumer());
        out.writeVarint(r.usage().inputTokens());
        out.writeVarint(r.usage().cachedInputTokens());
        out.writeVarint(r.usage().cacheWrittenTokens());
        out.writeVarint(r.usage().outputTokens());
        out.writeVarint(r.usage().reasoningTokens());
        out.writeByte(code(r.provenance()) | code(r.outcome()) << 2 | (r.streamed() ? 1 << 5 : 0));
        out.writeVarint(r.costMicros());
        texts.write(out, r.currency());
        out.writeVarint(r.status());
        texts.write(out, r.failure());
        out.writeVarint(r.attempts());
        // One more, because -1 stands for none and a negative number is long.
        out.writeVarint(r.firstContentMillis() + 1);
        out.writeVarint(r.durationMillis());
        out.writeVarint(r.requestBytes());
        out.writeVarint(r.responseBytes());
        texts.write(out, r.remoteIp());
        if (r.units().isNone()) return;
        out.writeVarint(r.units().images());
        out.writeVarint(r.units().audioMillis());
        out.writeVarint(r.units().characters());
        out.writeVarint(r.units().videoMillis());
    }

    public static UsageRecord read(ByteSource in, TextReader texts) throws MalformedException {
        int version = in.readByte();
        if (version != VERSION && version != WITH_UNITS)
            throw new MalformedException(
                    "a record of version " + version + " (expected: " + VERSION + " or " + WITH_UNITS + ")");
        String id = texts.readId(in);
        long startedAtMillis = in.readVarint();
        String tenant = texts.read(in);
        String modelApi = texts.read(in);
        String operation = texts.read(in);
        String service = texts.read(in);
        String provider = texts.read(in);
        String providerKey = texts.read(in);
        String askedModel = texts.read(in);
        String model = texts.read(in);
        String apiKey = texts.read(in);
        String apiKeyId = texts.read(in);
        String consumer = texts.read(in);
        Usage usage = new Usage(in.readVarint(), in.readVarint(), in.readVarint(), in.readVarint(), in.readVarint());
        int flags = in.readByte();
        long costMicros = in.readVarint();
        String currency = texts.read(in);
        int status = in.readInt();
        String failure = texts.read(in);
        int attempts = in.readInt();
        long firstContentMillis = in.readVarint() - 1;
        long durationMillis = in.readVarint();
        long requestBytes = in.readVarint();
        long responseBytes = in.readVarint();
        String remoteIp = texts.read(in);
        Units units = version == VERSION
                ? Units.NONE
                : new Units(in.readVarint(), in.readVarint(), in.readVarint(), in.readVarint());
        return new UsageRecord(
                id,
                startedAtMillis,
                tenant,
                modelApi,
                operation,
                service,
                provider,
                providerKey,
                askedModel,
                model,
                apiKey,
                apiKeyId,
                consumer,
                usage,
                units,
                provenance(flags & 3),
                costMicros,
                currency,
                outcome(flags >> 2 & 7),
                status,
                failure,
                attempts,
                firstContentMillis,
                durationMillis,
                (flags & 1 << 5) != 0,
                requestBytes,
                responseBytes,
                remoteIp);
    }

    private static int code(Provenance provenance) {
        return switch (provenance) {
            case REPORTED -> 0;
            case ESTIMATED -> 1;
            case NONE -> 2;
        };
    }

    private static Provenance provenance(int code) throws MalformedException {
        for (Provenance provenance : Provenance.values()) {
            if (code(provenance) == code) return provenance;
        }
        throw new MalformedException("provenance " + code);
    }

    private static int code(Outcome outcome) {
        return switch (outcome) {
            case COMPLETED -> 0;
            case CLIENT_LEFT -> 1;
            case UPSTREAM_FAILED -> 2;
            case REFUSED -> 3;
        };
    }

    private static Outcome outcome(int code) throws MalformedException {
        for (Outcome outcome : Outcome.values()) {
            if (code(outcome) == code) return outcome;
        }
        throw new MalformedException("outcome " + code);
    }
}
