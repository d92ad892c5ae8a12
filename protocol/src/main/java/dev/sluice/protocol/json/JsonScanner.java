package dev.sluice.protocol.json;

/** A validating scanner over JSON bytes. */
public final class JsonScanner {
    private final byte[] json;

    public JsonScanner(byte[] json) {
        this.json = json;
    }

    public int length() {
        return json.length;
    }
}
