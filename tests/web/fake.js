// Stand-ins for objects of the browser, of which a test needs only some members.

/**
 * Return a value as the type that is expected.
 * @template Type
 * @param {unknown} value
 * @returns {Type}
 */
export const fake = (value) => /** @type {Type} */ (value);
