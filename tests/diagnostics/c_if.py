if (x) {
}
