"""One package per page: what the page computes and says, without Streamlit. Several pages share the modules here."""
