"""Measures GPUs of AMD and Intel by the files in which Linux tells about its devices."""
