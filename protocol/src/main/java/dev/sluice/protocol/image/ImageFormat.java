package dev.sluice.protocol.image;

import dev.sluice.protocol.whole.WholeFormat;

/** A wire format of pictures that are made of words. */
public interface ImageFormat extends WholeFormat<ImageRequest, ImageAnswer> {}
