package dev.sluice.bench.load;

/** A chat request as applications send them: a system prompt, some turns with quotes and escapes, a few settings. */
public final class Conversation {
    private static final String REST = """
            ","messages":[{"role":"system","content":"You plan journeys by train for the guests of a small hotel. Be brief. \
            Give times as 14:05, name the platform if you know it, and say so when a connection is shorter than ten minutes. \
            Prices are in euros. Never invent a train."},\
            {"role":"user","content":"We are three adults and a dog and must be in Lisbon on Thursday evening. We would like to \
            see the sea on the way. What do you suggest?"},\
            {"role":"assistant","content":"Take the 09:02 to Hendaye, change to the \\"Euskotren\\" to San Sebastián, stay a \
            night, and go on by Salamanca on Wednesday.\\nDogs above 10 kg need a ticket of their own on the first train."},\
            {"role":"user","content":"How long is the change in Hendaye, and is there a place to eat near the station?"},\
            {"role":"assistant","content":"The change takes 28 minutes; both stations are on the same square. There are two \
            bars opposite, one opens at 07:00 and has a terrace where dogs are welcome."},\
            {"role":"user","content":"And if the first train is late? Please answer in one paragraph, with the next two \
            connections and what to do with the reserved seats. \\u8c22\\u8c22 \\ud83d\\ude82"}],\
            "temperature":0.4,"top_p":0.9,"max_tokens":400,"user":"guest-2291","response_format":{"type":"text"}""";

    private Conversation() {}

    /** The request without its closing brace, so that more fields can follow. */
    public static String opening(String model) {
        return "{\"model\":\"" + model + REST;
    }
}
