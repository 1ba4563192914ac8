/** How changesets write into `CHANGELOG.md`: their sentences as they are, without names of commits. */
export default {
  async getReleaseLine(changeset) {
    return `- ${changeset.summary.trim().replaceAll('\n', '\n  ')}`;
  },
  async getDependencyReleaseLine() {
    return '';
  },
};
