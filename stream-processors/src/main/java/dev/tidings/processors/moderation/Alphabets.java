package dev.tidings.processors.moderation;

/** The alphabets for reading texts: literally, and with look-alikes as letters. */
record Alphabets(Alphabet plain, Alphabet oneAsI, Alphabet oneAsL) {

    static Alphabets of(Alphabet plain) {
        return new Alphabets(plain, plain.with(LookAlikes.ONE_AS_I), plain.with(LookAlikes.ONE_AS_L));
    }
}
