package dev.tidings.processors.moderation;

/**
 * Searches one text for words. It reads the text once literally; a run with distortions is read again at its end, with other
 * alphabets and shortened. The letters are streamed, so the memory does not grow with the text.
 *
 * <pre>
 *   text ─▶ TextReader ─letters─────────────────────────────▶ Finder ─▶ Findings
 *              └───runs───▶ TextReader ─letters─┬─────────────▶ Finder ────▲
 *                                               └─▶ Shortener ────▲
 * </pre>
 */
final class Search {

    private final Alphabets alphabets;
    private final Findings findings;
    private final TextReader reader;
    private final Finder finder;

    /** Reads runs again while {@link #reader} pauses in the text. */
    private final TextReader runReader;

    private final Finder runFinder;
    private final Shortener shortener;

    Search(String text, Alphabets alphabets, Automaton automaton, Word[] words) {
        this.alphabets = alphabets;
        findings = new Findings(text, words);
        reader = new TextReader(alphabets.plain(), text, this::readAgain);
        finder = new Finder(automaton, words, findings);
        runReader = new TextReader(alphabets.plain(), text, run -> {});
        runFinder = new Finder(automaton, words, findings);
        shortener = new Shortener(runFinder);
    }

    Verdict verdict() {
        finder.begin(false, false);
        reader.read(finder);
        return findings.verdict();
    }

    private void readAgain(Run run) {
        if (run.isStretched()) {
            readShortened(run, alphabets.plain(), false);
        }
        if (run.isDistorted()) {
            readDistorted(run, alphabets.oneAsI());
            if (run.hasOne()) {
                readDistorted(run, alphabets.oneAsL());
            }
        }
    }

    private void readDistorted(Run run, Alphabet alphabet) {
        runFinder.begin(false, true);
        runReader.read(run, alphabet, runFinder);
        if (runReader.isStretched()) {
            readShortened(run, alphabet, true);
        }
    }

    private void readShortened(Run run, Alphabet alphabet, boolean hasLookAlikes) {
        for (int kept = 1; kept < Shortener.STRETCH; kept++) {
            runFinder.begin(true, hasLookAlikes);
            shortener.begin(kept);
            runReader.read(run, alphabet, shortener);
        }
    }
}
