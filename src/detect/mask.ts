/** Stands for a value that has been found already, so that a second look neither finds it again nor reads across it. */
export const MASK = '\uFDD0';
