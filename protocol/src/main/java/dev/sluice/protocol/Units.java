package dev.sluice.protocol;

/**
 * What one call consumed of things that are not tokens.
 *
 * @param images pictures that were made
 * @param audioMillis length of the sound that was listened to
 * @param characters of text that was spoken, in Unicode code points
 * @param videoMillis length of the video that was made
 */
public record Units(long images, long audioMillis, long characters, long videoMillis) {
    public static final Units NONE = new Units(0, 0, 0, 0);

    public boolean isNone() {
        return images == 0 && audioMillis == 0 && characters == 0 && videoMillis == 0;
    }
}
