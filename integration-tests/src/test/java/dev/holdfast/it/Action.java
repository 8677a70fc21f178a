package dev.holdfast.it;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/** What a servlet of a test does. */
@FunctionalInterface
interface Action {
    void run(HttpServletRequest request, HttpServletResponse response) throws Exception;
}
