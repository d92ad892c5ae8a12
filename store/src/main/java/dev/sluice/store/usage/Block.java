package dev.sluice.store.usage;

import dev.sluice.store.journal.ByteSink;
import dev.sluice.store.journal.ByteSource;
import dev.sluice.store.journal.ByteSource.MalformedException;
import dev.sluice.store.journal.RecordCodec;
import dev.sluice.traffic.usage.UsageRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * Records packed for the database: a form byte, the plain size, then deflated records whose repeating texts stand
 * once, in full where they first occur and by number later.
 *
 * @param firstAt when the earliest call began
 * @param lastAt when the latest call began
 */
record Block(long firstAt, long lastAt, int records, byte[] body) {
    private static final int FORM = 1;
    private static final int MAX_PLAIN = 256 << 20;

    static Block of(List<UsageRecord> records) {
        ByteSink plain = new ByteSink(64 * records.size() + 1024);
        Map<String, Integer> numbers = new HashMap<>();
        RecordCodec.TextWriter texts = (out, text) -> {
            Integer number = numbers.putIfAbsent(text, numbers.size() + 1);
            out.writeVarint(number == null ? 0 : number);
            if (number == null) out.writeText(text, RecordCodec.MAX_TEXT);
        };
        long first = Long.MAX_VALUE;
        long last = Long.MIN_VALUE;
        for (UsageRecord record : records) {
            RecordCodec.write(record, plain, texts);
            first = Math.min(first, record.startedAtMillis());
            last = Math.max(last, record.startedAtMillis());
        }
        return new Block(first, last, records.size(), deflate(plain));
    }

    private static byte[] deflate(ByteSink plain) {
        ByteSink out = new ByteSink(plain.size() / 2 + 64);
        out.writeByte(FORM);
        out.writeVarint(plain.size());
        Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
        try {
            deflater.setInput(plain.array(), 0, plain.size());
            deflater.finish();
            byte[] chunk = new byte[16_384];
            while (!deflater.finished()) out.writeBytes(chunk, deflater.deflate(chunk));
        } finally {
            deflater.end();
        }
        return Arrays.copyOf(out.array(), out.size());
    }

    List<UsageRecord> unpack() throws MalformedException {
        ByteSource head = new ByteSource(body, 0, body.length);
        int form = head.readByte();
        if (form != FORM) throw new MalformedException("a block of form " + form + " (expected: " + FORM + ")");
        int size = head.readInt();
        if (size < 0 || size > MAX_PLAIN) throw new MalformedException("a block of " + size + " bytes");
        byte[] plain = new byte[size];
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(body, head.position(), body.length - head.position());
            if (inflater.inflate(plain) != plain.length) throw new MalformedException("a block that ends early");
        } catch (DataFormatException e) {
            throw new MalformedException("a block that is damaged: " + e.getMessage());
        } finally {
            inflater.end();
        }
        ByteSource in = new ByteSource(plain, 0, plain.length);
        List<String> known = new ArrayList<>();
        RecordCodec.TextReader texts = source -> {
            int number = source.readInt();
            if (number < 0 || number > known.size()) throw new MalformedException("text number " + number);
            if (number > 0) return known.get(number - 1);
            String text = source.readText();
            known.add(text);
            return text;
        };
        List<UsageRecord> unpacked = new ArrayList<>(records);
        for (int i = 0; i < records; i++) unpacked.add(RecordCodec.read(in, texts));
        return unpacked;
    }
}
