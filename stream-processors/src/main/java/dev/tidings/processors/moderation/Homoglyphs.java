package dev.tidings.processors.moderation;

/** Cyrillic and Greek letters that look like Latin ones, as small or capital letters. For folded letters only. */
final class Homoglyphs {

    private Homoglyphs() {}

    /** The letter from a to z that the letter looks like, or the letter itself. */
    static int latin(int letter) {
        return switch (letter) {
            case 'а', 'α', 'ɑ' -> 'a';
            case 'в', 'β' -> 'b';
            case 'с' -> 'c';
            case 'ԁ' -> 'd';
            case 'е', 'ε' -> 'e';
            case 'ɡ' -> 'g';
            case 'һ', 'н' -> 'h';
            case 'і', 'ι' -> 'i';
            case 'ј' -> 'j';
            case 'к', 'κ' -> 'k';
            case 'ӏ' -> 'l';
            case 'м' -> 'm';
            case 'о', 'ο' -> 'o';
            case 'р', 'ρ' -> 'p';
            case 'ԛ' -> 'q';
            case 'ѕ' -> 's';
            case 'т', 'τ' -> 't';
            case 'μ', 'υ' -> 'u';
            case 'ν', 'ѵ' -> 'v';
            case 'ԝ', 'ω' -> 'w';
            case 'х', 'χ' -> 'x';
            case 'у', 'ү', 'γ' -> 'y';
            default -> letter;
        };
    }
}
