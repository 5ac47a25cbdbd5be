/**
 * The REST API under {@code /v1}: the operations of the client protocol as HTTP requests, each with its outcome as the response.
 * {@link dev.tidings.gateway.rest.Routes} is the table of all operations; dispatch and the OpenAPI document both follow it.
 * {@link dev.tidings.gateway.rest.RestHandler} authenticates a request and sends its response. Keeps nothing between requests.
 */
@NullMarked
package dev.tidings.gateway.rest;

import org.jspecify.annotations.NullMarked;
