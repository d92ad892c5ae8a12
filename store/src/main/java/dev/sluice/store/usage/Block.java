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
 * Records packed for the database: a form byte, three sizes, the ids, then the deflated rest of the records, in which
 * repeating texts stand once, in full where they first occur and by number later. Ids are random and would only slow
 * the deflating down.
 *
 * @param firstAt when the earliest call began
 * @param lastAt when the latest call began
 */
record Block(long firstAt, long lastAt, int records, byte[] body) {
    private static final int FORM = 1;
    private static final int MAX_PLAIN = 256 << 20;

    static Block of(List<UsageRecord> records) {
        Texts texts = new Texts(new ByteSink(32 * records.size() + 64), new HashMap<>());
        ByteSink rest = new ByteSink(64 * records.size() + 1024);
        long first = Long.MAX_VALUE;
        long last = Long.MIN_VALUE;
        for (UsageRecord record : records) {
            RecordCodec.write(record, rest, texts);
            first = Math.min(first, record.startedAtMillis());
            last = Math.max(last, record.startedAtMillis());
        }
        return new Block(first, last, records.size(), pack(texts.ids(), rest));
    }

    private record Texts(ByteSink ids, Map<String, Integer> numbers) implements RecordCodec.TextWriter {
        @Override
        public void write(ByteSink out, String text) {
            Integer number = numbers.get(text);
            out.writeVarint(number == null ? 0 : number);
            if (number != null) return;
            numbers.put(text, numbers.size() + 1);
            out.writeText(text, RecordCodec.MAX_TEXT);
        }

        @Override
        public void writeId(ByteSink out, String id) {
            ids.writeText(id, RecordCodec.MAX_TEXT);
        }
    }

    private static byte[] pack(ByteSink ids, ByteSink rest) {
        ByteSink out = new ByteSink(ids.size() + rest.size() / 2 + 64);
        out.writeByte(FORM);
        out.writeVarint(ids.size());
        out.writeVarint(rest.size());
        out.writeBytes(ids.array(), ids.size());
        Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
        try {
            deflater.setInput(rest.array(), 0, rest.size());
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
        int ids = head.readInt();
        int rest = head.readInt();
        if (ids < 0 || rest < 0 || ids > body.length - head.position() || rest > MAX_PLAIN)
            throw new MalformedException("a block of " + ids + " and " + rest + " bytes");
        byte[] plain = inflate(head.position() + ids, rest);
        ByteSource in = new ByteSource(plain, 0, plain.length);
        Known known = new Known(new ByteSource(body, head.position(), head.position() + ids), new ArrayList<>());
        List<UsageRecord> unpacked = new ArrayList<>(records);
        for (int i = 0; i < records; i++) unpacked.add(RecordCodec.read(in, known));
        return unpacked;
    }

    private byte[] inflate(int from, int size) throws MalformedException {
        byte[] plain = new byte[size];
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(body, from, body.length - from);
            if (inflater.inflate(plain) != size) throw new MalformedException("a block that ends early");
            return plain;
        } catch (DataFormatException e) {
            throw new MalformedException("a block that is damaged: " + e.getMessage());
        } finally {
            inflater.end();
        }
    }

    private record Known(ByteSource ids, List<String> texts) implements RecordCodec.TextReader {
        @Override
        public String read(ByteSource in) throws MalformedException {
            int number = in.readInt();
            if (number < 0 || number > texts.size()) throw new MalformedException("text number " + number);
            if (number > 0) return texts.get(number - 1);
            String text = in.readText();
            texts.add(text);
            return text;
        }

        @Override
        public String readId(ByteSource in) throws MalformedException {
            return ids.readText();
        }
    }
}
