package dev.tidings.processors.moderation;

/**
 * The search for words in one text, in all ways it may be read. The text is read once as it stands; a run with distortions
 * in it is read again, in other alphabets and shortened, as soon as it ends. Letters go by one at a time, and nobody keeps
 * more of them than the longest word has: memory does not grow with the text.
 *
 * <pre>
 *   text ─▶ Reader ─letters───────────────────────────▶ Finder ─▶ Findings
 *              └───runs─▶ Reader ─letters─┬─────────────▶ Finder ────▲
 *                                         └─▶ Shortener ────▲
 * </pre>
 */
final class Search {

    private final Alphabets alphabets;
    private final Findings findings;
    private final Reader reader;
    private final Finder finder;

    /** Reads runs again, while the first one waits in the middle of the text. */
    private final Reader runReader;

    private final Finder runFinder;
    private final Shortener shortener;

    Search(String text, Alphabets alphabets, Automaton automaton, Word[] words) {
        this.alphabets = alphabets;
        findings = new Findings(text, words);
        reader = new Reader(alphabets.plain(), text, this::readAgain);
        finder = new Finder(automaton, words, findings);
        runReader = new Reader(alphabets.plain(), text, run -> {});
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
