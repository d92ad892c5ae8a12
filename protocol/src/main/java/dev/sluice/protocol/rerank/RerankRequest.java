package dev.sluice.protocol.rerank;

import dev.sluice.protocol.chat.InexpressibleException;
import dev.sluice.protocol.json.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A query and the documents to be ranked by it.
 *
 * @param documents at least one
 * @param most how many of the best are wanted; null for all
 * @param showsDocuments whether the answer shows the documents
 * @param tokensPerDocument how much of a document is read; null for the vendor's own limit
 * @param instruction what the ranking is for, in words; null for none
 * @param bare whether the client expects the ranks alone, in an array
 */
public record RerankRequest(
        String query,
        List<Document> documents,
        @Nullable Long most,
        boolean showsDocuments,
        @Nullable Long tokensPerDocument,
        @Nullable String instruction,
        boolean bare) {
    public RerankRequest {
        documents = List.copyOf(documents);
        if (documents.isEmpty())
            throw new InexpressibleException("there is nothing to rank; give at least one document", "documents");
    }

    /**
     * A document.
     *
     * @param text what is ranked
     * @param shown how the client gets it back
     */
    public record Document(String text, Json shown) {
        /** A document that is a string, or an object with a text. */
        public static Document of(Json document) {
            if (document instanceof Json.Str(String text))
                return new Document(text, Json.object().put("text", text).build());
            if (document.get("text") instanceof Json.Str(String text)) return new Document(text, document);
            throw new InexpressibleException(
                    "\"documents\" must be a list of strings or of objects with a text for a provider of another protocol",
                    "documents");
        }
    }

    public List<String> texts() {
        return documents.stream().map(Document::text).toList();
    }

    /** Refuses a limit per document for a format that has no place for it. */
    public void requireNoLimit(String vendor) {
        if (tokensPerDocument != null)
            throw new InexpressibleException(
                    vendor + " takes no limit of tokens per document; leave it out", "max_tokens_per_doc");
    }

    /** Refuses an instruction for a format that has no place for it. */
    public void requireNoInstruction(String vendor) {
        if (instruction != null)
            throw new InexpressibleException(vendor + " takes no instruction; leave it out", "instruct");
    }
}
