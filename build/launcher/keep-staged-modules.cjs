/** electron-builder asks here whether it should collect and rebuild node_modules: it should not, they are staged. */
exports.default = () => Promise.resolve(false);
