package dev.sluice.settings.binding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class DocumentTest {
    private final Problems problems = new Problems();

    private Tree yaml(String text) {
        return Yaml.read("a.yaml", text, problems).orElseThrow();
    }

    private List<String> problemsOfYaml(String text) {
        Yaml.read("a.yaml", text, problems);
        return problems.list().stream().map(Problem::text).toList();
    }

    private List<String> problemsOfJson(String text) {
        Json.read("a.json", text, problems);
        return problems.list().stream().map(Problem::text).toList();
    }

    @Test
    void yamlKeepsWhatAScalarIsAndWhereItStands() {
        Tree tree = yaml("a: 1\nb:\n  - 'x'\n  - 007\n  - true\n  - yes\n  - ~\n  - 1.50\n");
        assertThat(Json.write(tree)).isEqualTo("{\"a\":1,\"b\":[\"x\",\"007\",true,\"yes\",null,1.50]}");
        assertThat(tree.locate("b[3]")).isEqualTo(new Location("a.yaml", 6, 5));
        assertThat(tree.locate("b[9].c")).isEqualTo(new Location("a.yaml", 2, 1));
        assertThat(tree.locate("[\"a\"]")).isEqualTo(new Location("a.yaml", 1, 1));
    }

    @Test
    void anEmptyYamlDocumentIsAnEmptyMapping() {
        assertThat(Json.write(yaml("# nothing\n"))).isEqualTo("{}");
        assertThat(Json.write(yaml(""))).isEqualTo("{}");
        assertThat(problems.isEmpty()).isTrue();
    }

    @Test
    void aliasesAreCopies() {
        assertThat(Json.write(yaml("a: &x [1, 2]\nb: *x\n"))).isEqualTo("{\"a\":[1,2],\"b\":[1,2]}");
    }

    @Test
    void aliasesCannotExhaustTheMemory() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 12; i++) {
            String ten = ("*a" + (i - 1) + ", ").repeat(9) + "*a" + (i - 1);
            bomb.append("a")
                    .append(i)
                    .append(": &a")
                    .append(i)
                    .append(" [")
                    .append(ten)
                    .append("]\n");
        }
        assertThat(problemsOfYaml(bomb.toString()))
                .containsExactly("a.yaml:7: too large (expected: at most 4000000 values)");
    }

    @Test
    void anAliasWithinItselfIsUnknown() {
        assertThat(problemsOfYaml("a: &x [*x]\n")).containsExactly("a.yaml:1: unknown alias *x");
    }

    @Test
    void deepNestingIsRefusedInBothFormats() {
        assertThat(problemsOfYaml("[".repeat(5000) + "]".repeat(5000)))
                .containsExactly("a.yaml:1: nested too deep (expected: at most 32 levels)");
        problemsOfJson("[".repeat(5000) + "]".repeat(5000));
        assertThat(problems.list().getLast().text()).startsWith("a.json: not valid JSON: a limit is exceeded (");
    }

    @Test
    void duplicateKeysAreReportedWithBothLines() {
        assertThat(problemsOfYaml("a:\n  - b: 1\n    c: 2\n    b: 3\n"))
                .containsExactly("a.yaml:4: a[0].b: given twice (first at line 2)");
    }

    @Test
    void duplicateKeysOfJsonAreReportedWithBothLines() {
        assertThat(problemsOfJson("{\"a\": [{\"b\": 1,\n\"b\": 3}]}"))
                .containsExactly("a.json:2: a[0].b: given twice (first at line 1)");
    }

    @Test
    void brokenDocumentsAreReportedWithTheirLine() {
        assertThat(problemsOfYaml("a: 1\nb: [1, 2\nc: 3\n"))
                .hasSize(1)
                .first()
                .asString()
                .startsWith("a.yaml:3: not valid YAML: ");
    }

    @Test
    void messagesAboutBrokenJsonDoNotQuoteIt() {
        assertThat(problemsOfJson("{\"secret\": sk-very-secret}"))
                .hasSize(1)
                .first()
                .asString()
                .startsWith("a.json:1: not valid JSON")
                .doesNotContain("secret");
    }

    @Test
    void moreThanOneDocumentIsRefused() {
        assertThat(problemsOfYaml("a: 1\n---\nb: 2\n"))
                .containsExactly("a.yaml:2: a second document begins here (expected: one document per file)");
        problemsOfJson("{} {}");
        assertThat(problems.list().getLast().text()).isEqualTo("a.json:1: not valid JSON: more follows the value");
    }

    @Test
    void tagsAreRefusedAndKeysMustBeText() {
        assertThat(problemsOfYaml("a: !!java.net.URL [x]\n? [1]\n: 2\n"))
                .containsExactly(
                        "a.yaml:1: tag \"tag:yaml.org,2002:java.net.URL\" (expected: no tag)",
                        "a.yaml:2: a list as a key (expected: text)");
    }

    @Test
    void scalarsDoNotPrintTheirText() {
        assertThat(yaml("a: sk-secret").toString()).doesNotContain("sk-secret");
    }

    @Property(tries = 300)
    void everyTreeSurvivesYamlAndJson(@ForAll("trees") Tree inner) {
        Tree tree = Tree.listing(List.of(inner));
        String json = Json.write(tree);
        Problems none = new Problems();
        assertThat(Yaml.read("", Yaml.write(tree), none).map(Json::write)).contains(json);
        assertThat(Json.read("", json, none).map(Json::write)).contains(json);
        assertThat(none.list()).isEmpty();
    }

    @Property(tries = 1000)
    void arbitraryTextIsReadOrReportedButNeverThrows(@ForAll("texts") String text) {
        Problems found = new Problems();
        Optional<Tree> yaml = Yaml.read("f", text, found);
        assertThat(yaml.isPresent() || !found.isEmpty()).isTrue();
        Problems others = new Problems();
        Optional<Tree> json = Json.read("f", text, others);
        assertThat(json.isPresent() || !others.isEmpty()).isTrue();
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(60),
                Arbitraries.strings()
                        .withChars("{}[]:,-&*!|>'\"%@`#?~ \n\t\\u0x9ab$.")
                        .ofMaxLength(80));
    }

    @Provide
    Arbitrary<Tree> trees() {
        Arbitrary<String> text = Arbitraries.oneOf(
                Arbitraries.strings().ascii().ofMaxLength(12),
                Arbitraries.strings().withCharRange('一', '鿿').ofMaxLength(5),
                Arbitraries.of(
                        "",
                        "null",
                        "true",
                        "yes",
                        "~",
                        "1",
                        "-2.5e3",
                        "0x1f",
                        "a: b",
                        "- a",
                        "#",
                        " x ",
                        "\n",
                        "=",
                        "<<",
                        "2027-01-01"));
        Arbitrary<Tree> scalars = Arbitraries.oneOf(
                text.map(Tree::text),
                Arbitraries.longs().map(n -> Tree.number(Long.toString(n))),
                Arbitraries.bigDecimals().map(n -> Tree.number(n.toPlainString())),
                Arbitraries.of(true, false).map(Tree::flag));
        return nested(scalars, 3);
    }

    private static Arbitrary<Tree> nested(Arbitrary<Tree> scalars, int levels) {
        if (levels == 0) return scalars;
        Arbitrary<List<Tree>> items = nested(scalars, levels - 1).list().ofMaxSize(3);
        return Arbitraries.oneOf(scalars, items.map(Tree::listing), items.map(DocumentTest::numbered));
    }

    private static Tree numbered(List<Tree> items) {
        Map<String, Tree> map = new LinkedHashMap<>();
        for (Tree item : items) map.put("k" + map.size() + " -", item);
        return Tree.mapping(map);
    }
}
