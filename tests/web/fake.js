// Stand-ins for objects of the browser, of which a test needs only some members.

/**
 * Return a value as any type.
 * @param {unknown} value
 * @returns {any}
 */
export const fake = (value) => value;
