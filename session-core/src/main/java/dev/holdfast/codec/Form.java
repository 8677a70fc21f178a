package dev.holdfast.codec;

/** How the objects of a class are laid out that is written by its name. The code is part of the format. */
enum Form {

    /** Field by field. */
    FIELDS('F'),

    /** Component by component, created by the canonical constructor. */
    RECORD('R'),

    /** The name of the constant. */
    ENUM('E'),

    /** An array of objects. */
    ARRAY('A');

    private final char code;

    Form(char code) {
        this.code = code;
    }

    char code() {
        return code;
    }

    boolean hasSlots() {
        return this == FIELDS || this == RECORD;
    }

    static Form of(int code) {
        for (Form form : values()) {
            if (form.code == code) {
                return form;
            }
        }
        throw new GraphException("the bytes are damaged: there is no form of objects with the code " + code);
    }
}
