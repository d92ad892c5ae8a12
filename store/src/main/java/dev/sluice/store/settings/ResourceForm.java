package dev.sluice.store.settings;

import dev.sluice.settings.Kind;
import dev.sluice.settings.Resource;

/** The lossless JSON form that resources are kept in. Both methods throw {@link IllegalArgumentException} at most. */
public interface ResourceForm {
    String write(Resource resource);

    Resource read(Kind kind, String json);
}
