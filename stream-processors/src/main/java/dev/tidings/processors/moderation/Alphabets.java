package dev.tidings.processors.moderation;

/** The alphabets in which texts are read: as they stand, and with digits and signs as letters. */
record Alphabets(Alphabet plain, Alphabet oneAsI, Alphabet oneAsL) {

    static Alphabets of(Alphabet plain) {
        return new Alphabets(plain, plain.in(Reading.ONE_AS_I), plain.in(Reading.ONE_AS_L));
    }
}
