"""Consultations (协商议政)."""
