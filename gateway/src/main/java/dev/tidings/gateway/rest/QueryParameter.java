package dev.tidings.gateway.rest;

/**
 * A parameter in the query of a route.
 *
 * @param isRequired whether a request without it is invalid
 * @param max the largest number; 0: no limit but that of the type
 * @param description for the OpenAPI document
 */
record QueryParameter(String name, Type type, boolean isRequired, int max, String description) {

    enum Type {
        /** A whole number that is not negative. */
        NUMBER,
        /** The size of a page: a whole number from 1 to the maximum. */
        LIMIT,
        BOOLEAN,
        TEXT,
        /** User ids, separated by commas. */
        USER_IDS
    }

    static QueryParameter number(String name, String description) {
        return new QueryParameter(name, Type.NUMBER, false, 0, description);
    }

    /** The parameter {@code limit}. */
    static QueryParameter limit(int max, String description) {
        return new QueryParameter("limit", Type.LIMIT, false, max, description);
    }

    static QueryParameter required(String name, String description) {
        return new QueryParameter(name, Type.TEXT, true, 0, description);
    }

    static QueryParameter flag(String name, String description) {
        return new QueryParameter(name, Type.BOOLEAN, false, 0, description);
    }

    static QueryParameter text(String name, String description) {
        return new QueryParameter(name, Type.TEXT, false, 0, description);
    }

    static QueryParameter userIds(String name, boolean isRequired, String description) {
        return new QueryParameter(name, Type.USER_IDS, isRequired, 0, description);
    }
}
