package dev.tidings.gateway.rest;

/**
 * A parameter in the query of a route.
 *
 * @param description for the OpenAPI document
 */
record QueryParameter(String name, Type type, String description) {

    enum Type {
        /** A whole number that is not negative. */
        NUMBER,
        BOOLEAN,
        TEXT,
        REQUIRED_TEXT,
        /** User ids, separated by commas. */
        USER_IDS
    }

    static QueryParameter number(String name, String description) {
        return new QueryParameter(name, Type.NUMBER, description);
    }

    static QueryParameter required(String name, String description) {
        return new QueryParameter(name, Type.REQUIRED_TEXT, description);
    }

    /** Whether a request without it is invalid. */
    boolean isRequired() {
        return type == Type.REQUIRED_TEXT || type == Type.USER_IDS;
    }

    static QueryParameter flag(String name, String description) {
        return new QueryParameter(name, Type.BOOLEAN, description);
    }

    static QueryParameter text(String name, String description) {
        return new QueryParameter(name, Type.TEXT, description);
    }
}
