package dev.tidings.ops.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.openqa.selenium.JavascriptExecutor;

/** Checks what a browser shows with axe-core, which is installed with npm. */
final class AxeCore {

    private static final String DIRECTORY = "axe-core";

    /** The open dialog or menu, or else the whole page. */
    private static final String RUN = """
            const done = arguments[arguments.length - 1];
            const shown = document.querySelector(':popover-open') ?? document.querySelector('dialog[open]') ?? document;
            const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
            const elements = ({ nodes }) => nodes.map(({ html, failureSummary }) => `${html.slice(0, 200)} ${failureSummary}`);
            axe.run(shown, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] }).then(
              ({ violations }) => done(violations
                .filter(({ impact }) => impact === 'serious' || impact === 'critical')
                .map((found) => `${found.id}: ${elements(found).join('; ')}`)),
              (e) => done([`axe-core failed: ${e}`]));
            """;

    private final String script;

    private AxeCore(String script) {
        this.script = script;
    }

    static AxeCore installed() throws IOException, InterruptedException {
        ExampleProgram.installFromNpm(DIRECTORY, "axe-core@4.14.1");
        return new AxeCore(
                Files.readString(ExampleProgram.installed(DIRECTORY, "node_modules", "axe-core", "axe.min.js")));
    }

    /** Returns the serious and critical violations of WCAG 2.2 AA, each with the elements and what is wrong. */
    List<String> violations(JavascriptExecutor browser) {
        if (Boolean.FALSE.equals(browser.executeScript("return 'axe' in window;"))) {
            browser.executeScript(script);
        }
        return browser.executeAsyncScript(RUN) instanceof List<?> found
                ? found.stream().map(String::valueOf).toList()
                : List.of("axe-core has not answered");
    }
}
