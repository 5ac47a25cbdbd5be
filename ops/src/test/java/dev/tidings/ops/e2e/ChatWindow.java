package dev.tidings.ops.e2e;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.support.ui.Select;

/**
 * The chat page in a browser of its own: a process and a profile that shares nothing with others and always has the focus.
 *
 * <p>Actions wait until the page is ready for them. {@link #messages()} and other methods read what the page shows now.
 */
final class ChatWindow implements AutoCloseable {

    static final Duration TIMEOUT = Duration.ofSeconds(90);

    /** In CSS pixels. */
    record Size(int width, int height) {
        static final Size DESKTOP = new Size(1100, 800);
        static final Size PHONE = new Size(360, 740);
    }

    /** The menus of the page, by their buttons. */
    enum Menu {
        ACCOUNT("me-menu"),
        CONVERSATION("chat-more");

        private final String button;

        Menu(String button) {
            this.button = button;
        }
    }

    private static final String OPEN_MENU = """
            [...document.querySelectorAll('[data-testid="message"]')]
              .find((m) => m.querySelector('[data-testid="message-text"]').textContent === arguments[0])
              .querySelector('[data-testid="message-actions"]').click();
            """;

    private static final String CLIENT_MSG_ID = """
            return [...document.querySelectorAll('[data-testid="message"]')]
              .find((m) => m.querySelector('[data-testid="message-text"]').textContent === arguments[0])
              ?.dataset.clientMsgId;
            """;

    private static final String REVOKE = "[data-testid^='revoke-']";

    private final ChromeDriver driver;

    private ChatWindow(ChromeDriver driver) {
        this.driver = driver;
    }

    /** @param profile a directory that does not exist yet */
    static ChatWindow open(URI page, Path profile, Size size) {
        ChromeOptions options = new ChromeOptions();
        options.setBinary(
                program("tidings.chromium", "/usr/bin/chromium", "chromium").toFile());
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--no-first-run",
                "--lang=en-US",
                "--user-data-dir=" + profile);
        options.setExperimentalOption(
                "mobileEmulation",
                Map.of(
                        "deviceMetrics",
                        Map.of(
                                "width", size.width(),
                                "height", size.height(),
                                "pixelRatio", 1.0,
                                "touch", size.equals(Size.PHONE),
                                "mobile", size.equals(Size.PHONE))));
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(program("tidings.chromedriver", "/usr/bin/chromedriver", "chromium-driver")
                        .toFile())
                .usingAnyFreePort()
                .build();
        ChromeDriver driver = new ChromeDriver(service, options);
        driver.get(page.toString());
        return new ChatWindow(driver);
    }

    private static Path program(String property, String usualPlace, String debianPackage) {
        Path program = Path.of(System.getProperty(property, usualPlace));
        if (!Files.isExecutable(program)) {
            throw new IllegalStateException("the browser test needs " + program + ": install the Debian package "
                    + debianPackage + ", or name another place with -D" + property + "=<path>");
        }
        return program;
    }

    ChatWindow signIn(String userId) {
        return startSigningIn(userId).awaitConnected();
    }

    /** Does not wait for the connection. */
    ChatWindow startSigningIn(String userId) {
        visible("sign-in-name").sendKeys(userId);
        visible("sign-in").click();
        return this;
    }

    ChatWindow awaitConnected() {
        return until("connected", ChatWindow::isConnected);
    }

    /** Whether the page is connected and its first sync is complete. */
    boolean isConnected() {
        return isInState("connected");
    }

    boolean isInState(String state) {
        return connectionState().equals(state);
    }

    /** Returns the state of the connection: connecting, updating, connected, waiting, ended or stopped. */
    String connectionState() {
        return String.valueOf(driver.findElement(testId("connection-state")).getDomAttribute("data-state"));
    }

    /** Dispatches an event of this name to the window of the page. */
    ChatWindow dispatch(String event) {
        driver.executeScript("dispatchEvent(new Event(arguments[0]));", event);
        return this;
    }

    /** Starts a conversation with a user, or opens the existing one. */
    ChatWindow startChatWith(String userId) {
        visible("new-chat").click();
        visible("new-chat-user").sendKeys(userId);
        visible("new-chat-start").click();
        visible("composer");
        return this;
    }

    /** Starts a conversation with a user whom the page suggests for the beginning of their name. */
    ChatWindow startChatByName(String prefix, String userId) {
        visible("new-chat").click();
        visible("new-chat-user").sendKeys(prefix);
        visible("pick-" + userId).click();
        visible("composer");
        return this;
    }

    /** Sets the user's name in the directory. */
    ChatWindow setName(String name) {
        choose(Menu.ACCOUNT, "set-status");
        visible("status-name").sendKeys(name);
        visible("status-save").click();
        return until("the name is set", window -> !window.isOnScreen("status-save"));
    }

    /** Starts a group that is joined by invitation. */
    ChatWindow startGroup(String name, String... members) {
        visible("new-group").click();
        visible("new-group-name").sendKeys(name);
        visible("new-group-members").sendKeys(String.join(", ", members));
        visible("new-group-create").click();
        return until("the group " + name, window -> window.isOnScreen("composer"));
    }

    /** The id of the conversation that is open. */
    String openConversationId() {
        return String.valueOf(script("return decodeURIComponent(location.hash.slice(1));"));
    }

    /** Opens a conversation from the list. */
    ChatWindow openConversation(String conversationId) {
        visible("conversation-" + conversationId).click();
        visible("composer");
        return this;
    }

    /** Returns to the list of conversations, on a phone. */
    ChatWindow back() {
        visible("back").click();
        visible("new-chat");
        return this;
    }

    /** Sends a message. */
    ChatWindow send(String text) {
        visible("composer").sendKeys(text, Keys.ENTER);
        return this;
    }

    /** Searches messages. */
    ChatWindow search(String query) {
        visible("search").clear();
        visible("search").sendKeys(query);
        return this;
    }

    /** Types a text without sending it. */
    ChatWindow type(String text) {
        visible("composer").sendKeys(text);
        return this;
    }

    /** Returns the text in the composer. */
    String draft() {
        return String.valueOf(visible("composer").getDomProperty("value"));
    }

    /** Chooses from the menu behind a button; both by their test ids. */
    ChatWindow choose(Menu menu, String item) {
        visible(menu.button).click();
        visible(item).click();
        return this;
    }

    /**
     * Chooses from the menu of a message.
     *
     * @param item the item's test id: reply, edit, recall, react-👍
     */
    ChatWindow choose(String text, String item) {
        until(
                "the message " + text,
                window -> window.messages().stream()
                        .anyMatch(message ->
                                message.seq() != null && message.text().equals(text)));
        // the button shows itself to the mouse and the keyboard only
        driver.executeScript(OPEN_MENU, text);
        visible(item).click();
        return this;
    }

    /** Returns the client message id of an own message, sent or waiting. */
    String clientMsgId(String text) {
        Object id = driver.executeScript(CLIENT_MSG_ID, text);
        if (id == null) {
            throw new IllegalStateException("there is no message " + text);
        }
        return String.valueOf(id);
    }

    /** Types into an empty field. */
    ChatWindow fill(String testId, String text) {
        visible(testId).sendKeys(text);
        return this;
    }

    ChatWindow click(String testId) {
        visible(testId).click();
        return this;
    }

    /** Recalls a message for all users. */
    ChatWindow recall(String text) {
        return choose(text, "recall").click("confirm-ok");
    }

    /** Closes the dialog or the menu that is open. */
    ChatWindow escape() {
        driver.switchTo().activeElement().sendKeys(Keys.ESCAPE);
        return this;
    }

    /** Chooses a language in the settings; the page loads again. */
    ChatWindow useLanguage(String code) {
        choose(Menu.ACCOUNT, "show-settings");
        new Select(visible("settings-language")).selectByValue(code);
        return until(
                        "the language " + code,
                        window -> String.valueOf(window.script("return document.documentElement.lang;"))
                                .startsWith(code))
                .awaitConnected();
    }

    /** Sets the theme of the system, light or dark, without animations. */
    ChatWindow useSystemTheme(String theme) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of(
                        "features",
                        List.of(
                                Map.of("name", "prefers-color-scheme", "value", theme),
                                Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
        return this;
    }

    /** Returns the serious and critical accessibility violations of what is shown. */
    List<String> violations(AxeCore axe) {
        return axe.violations(driver);
    }

    String textOf(String testId) {
        return visible(testId).getText();
    }

    /** Edits an own message. */
    ChatWindow edit(String text, String other) {
        choose(text, "edit");
        visible("composer").clear();
        return send(other);
    }

    ChatWindow reload() {
        driver.navigate().refresh();
        return this;
    }

    /** The messages of the open conversation, as they stand below each other. */
    List<ChatMessage> messages() {
        return ChatMessage.listOf(script(ChatMessage.SCRIPT));
    }

    List<String> texts() {
        return messages().stream().map(ChatMessage::text).toList();
    }

    /** Returns the number in the badge of a conversation; 0 without a badge. */
    int unread(String conversationId) {
        return driver.findElements(testId("unread-" + conversationId)).stream()
                .map(badge -> badge.getDomAttribute("data-count"))
                .mapToInt(count -> count == null ? 0 : Integer.parseInt(count))
                .sum();
    }

    /** Returns the line under the name of the open conversation. */
    String subtitle() {
        return driver.findElement(testId("chat-subtitle")).getText();
    }

    /** Returns the rows of the list from top to bottom, each as name and preview. */
    List<String> conversationList() {
        return driver.findElements(By.cssSelector(".conversation")).stream()
                .map(row -> part(row, ".name") + ": " + part(row, ".preview"))
                .toList();
    }

    /** Returns the names in a list of users from top to bottom; empty without such a list. */
    List<String> names(String testId) {
        return driver.findElements(By.cssSelector("[data-testid=\"" + testId + "\"] .name")).stream()
                .map(WebElement::getText)
                .toList();
    }

    String title() {
        return String.valueOf(driver.getTitle());
    }

    /** Revokes the only other device of the user. */
    ChatWindow revokeTheOtherDevice() {
        choose(Menu.ACCOUNT, "show-devices");
        until("the devices", window -> window.count(REVOKE) == 1);
        driver.findElement(By.cssSelector(REVOKE)).click();
        return until("one device left", window -> window.count(REVOKE) == 0);
    }

    boolean isOnScreen(String testId) {
        return driver.findElements(testId(testId)).stream().anyMatch(WebElement::isDisplayed);
    }

    /** Returns how many pixels of the page are beyond its right edge. */
    long overflowPixels() {
        return ((Number) script("return document.documentElement.scrollWidth - innerWidth;")).longValue();
    }

    /** Returns how many elements of the page match a CSS selector. */
    int count(String selector) {
        return driver.findElements(By.cssSelector(selector)).size();
    }

    /**
     * Waits for a condition.
     *
     * @throws AssertionError with what the page shows, if the condition does not hold in time
     */
    ChatWindow until(String what, Predicate<ChatWindow> condition) {
        try {
            Awaitility.await()
                    .atMost(TIMEOUT)
                    .pollInterval(Duration.ofMillis(50))
                    .ignoreExceptions()
                    .until(() -> condition.test(this));
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("not within " + TIMEOUT + ": " + what + "; the page shows " + messages(), e);
        }
        return this;
    }

    @Override
    public void close() {
        driver.quit();
    }

    private Object script(String script) {
        Object answer = driver.executeScript(script);
        if (answer == null) {
            throw new IllegalStateException("no answer from the page");
        }
        return answer;
    }

    private WebElement visible(String testId) {
        until(testId + " to appear", window -> window.isOnScreen(testId));
        return driver.findElement(testId(testId));
    }

    private static String part(WebElement row, String selector) {
        return row.findElement(By.cssSelector(selector)).getText();
    }

    private static By testId(String testId) {
        return By.cssSelector("[data-testid=\"" + testId + "\"]");
    }
}
