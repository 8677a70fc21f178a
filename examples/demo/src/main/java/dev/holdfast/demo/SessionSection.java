package dev.holdfast.demo;

import java.util.Optional;

/** The session on the page: what it is, and who is logged in. */
final class SessionSection {

    private static final String SECTION = """
            <section class="session">
              <h2>Session</h2>
              <dl>
                <dt>Id</dt><dd><code>{}</code></dd>
                <dt>User</dt><dd>{}</dd>
                <dt>Pages seen</dt><dd>{}</dd>
                <dt>Created</dt><dd>{}</dd>
                <dt>Last access</dt><dd>{}</dd>
              </dl>
              {}
            </section>
            """;

    private static final String NAME = """
            <input name="name" required maxlength="{}" autocomplete="off" placeholder="Any name, no password"
              aria-label="Name">""";

    private final Forms forms;

    SessionSection(Forms forms) {
        this.forms = forms;
    }

    Html of(Visit visit, int pages) {
        Optional<String> user = visit.user();
        return Html.of(
                SECTION,
                visit.maskedId(),
                user.map(name -> Html.of("<strong>{}</strong>", name)).orElseGet(() -> Html.of("nobody")),
                pages,
                Story.clock(visit.created()),
                Story.clock(visit.lastAccess()),
                user.isPresent() ? logOut() : logIn());
    }

    private Html logIn() {
        Html name = Html.of(NAME, Actions.LONGEST_NAME);
        return forms.form("user", Html.of("{}{}", name, forms.buttons("Log in", "login", "")));
    }

    private Html logOut() {
        return forms.form("user", forms.buttons("Log out", "logout", ""));
    }
}
