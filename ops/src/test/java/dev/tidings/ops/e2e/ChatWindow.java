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

/**
 * One person's browser with the chat page in it: a process and a profile of its own, so it has the focus and shares
 * nothing with the others.
 *
 * <p>Waits by itself for what an action needs; what the page shows is asked for with {@link #messages()} and its like.
 */
final class ChatWindow implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(90);

    /** In CSS pixels. */
    record Size(int width, int height) {
        static final Size DESKTOP = new Size(1100, 800);
        static final Size PHONE = new Size(360, 740);
    }

    /** The menus of the page, by their buttons. */
    enum Menu {
        ONESELF("me-menu"),
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

    /** Connected, and told of everything that happened before. */
    boolean isConnected() {
        return isInState("connected");
    }

    boolean isInState(String state) {
        return connectionState().equals(state);
    }

    /** What the page says of its connection: connecting, updating, connected, waiting, ended or stopped. */
    String connectionState() {
        return String.valueOf(driver.findElement(testId("connection-state")).getDomAttribute("data-state"));
    }

    /** Lets an event of this name happen to the page's window. */
    ChatWindow dispatch(String event) {
        driver.executeScript("dispatchEvent(new Event(arguments[0]));", event);
        return this;
    }

    /** Starts a chat, or opens the one there is. */
    ChatWindow startChatWith(String userId) {
        visible("new-chat").click();
        visible("new-chat-user").sendKeys(userId);
        visible("new-chat-start").click();
        visible("composer");
        return this;
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

    /** A phone's way back to the list. */
    ChatWindow back() {
        visible("back").click();
        visible("new-chat");
        return this;
    }

    ChatWindow say(String text) {
        visible("composer").sendKeys(text, Keys.ENTER);
        return this;
    }

    /** Begins to write, and does not send. */
    ChatWindow begin(String text) {
        visible("composer").sendKeys(text);
        return this;
    }

    /** What stands where one writes. */
    String begun() {
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
        until("the message " + text, window -> window.texts().contains(text));
        // the button shows itself to the mouse and the keyboard only
        driver.executeScript(OPEN_MENU, text);
        visible(item).click();
        return this;
    }

    /** The name under which the page has sent a message of one's own, or will. */
    String clientMsgId(String text) {
        Object id = driver.executeScript(CLIENT_MSG_ID, text);
        if (id == null) {
            throw new IllegalStateException("there is no message " + text);
        }
        return String.valueOf(id);
    }

    ChatWindow click(String testId) {
        visible(testId).click();
        return this;
    }

    String textOf(String testId) {
        return visible(testId).getText();
    }

    /** Puts another text in the place of one's own message. */
    ChatWindow edit(String text, String other) {
        choose(text, "edit");
        visible("composer").clear();
        return say(other);
    }

    /** Presses a button, by its test id. */
    ChatWindow press(String testId) {
        visible(testId).click();
        return this;
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

    /** What the badge of a conversation says; 0 without one. */
    int unread(String conversationId) {
        return driver.findElements(testId("unread-" + conversationId)).stream()
                .map(badge -> badge.getDomAttribute("data-count"))
                .mapToInt(count -> count == null ? 0 : Integer.parseInt(count))
                .sum();
    }

    /** The line under the name of who is talked to. */
    String subtitle() {
        return driver.findElement(testId("chat-subtitle")).getText();
    }

    /** The conversations of the list, from top to bottom: name and last words. */
    List<String> listed() {
        return driver.findElements(By.cssSelector(".conversation")).stream()
                .map(row -> part(row, ".name") + ": " + part(row, ".preview"))
                .toList();
    }

    /** The names in a list of people, from top to bottom; empty where there is no such list. */
    List<String> names(String testId) {
        return driver.findElements(By.cssSelector("[data-testid=\"" + testId + "\"] .name")).stream()
                .map(WebElement::getText)
                .toList();
    }

    String title() {
        return String.valueOf(driver.getTitle());
    }

    /** Signs one's only other device out. */
    ChatWindow revokeTheOtherDevice() {
        choose(Menu.ONESELF, "show-devices");
        until("the devices", window -> window.count(REVOKE) == 1);
        driver.findElement(By.cssSelector(REVOKE)).click();
        return until("one device left", window -> window.count(REVOKE) == 0);
    }

    boolean isOnScreen(String testId) {
        return driver.findElements(testId(testId)).stream().anyMatch(WebElement::isDisplayed);
    }

    /** How far the page can be scrolled sideways, in pixels: 0 where everything fits. */
    long overflowPixels() {
        return ((Number) script("return document.documentElement.scrollWidth - innerWidth;")).longValue();
    }

    /** How many elements of the page match a CSS selector. */
    int count(String selector) {
        return driver.findElements(By.cssSelector(selector)).size();
    }

    /** @throws AssertionError with what the page shows instead, where it does not come true */
    ChatWindow until(String what, Predicate<ChatWindow> condition) {
        try {
            Awaitility.await()
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(50))
                    .ignoreExceptions()
                    .until(() -> condition.test(this));
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("not within " + PATIENCE + ": " + what + "; the page shows " + messages(), e);
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
