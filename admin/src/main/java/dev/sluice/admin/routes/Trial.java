package dev.sluice.admin.routes;

import dev.sluice.settings.binding.Default;
import dev.sluice.settings.binding.Doc;
import java.util.Map;
import org.jspecify.annotations.Nullable;

@Doc("A call that is only thought through.")
public record Trial(
        @Doc("Host name that the call is sent to, without a port.") @Default("localhost")
        String host,

        @Doc("Path of the call.") String path,
        @Doc("Model that the call asks for.") @Default("") String model,

        @Doc("Name or id of the API key that the call carries.") @Nullable
        String apiKey,

        @Doc("Further request headers.") Map<String, String> headers) {
    public Trial {
        headers = Map.copyOf(headers);
    }
}
