# Of a Django that introspects with Django OAuth Toolkit. Beside this it is a Django like any other.

# In any other zone `exp` is read as so many hours earlier or later than it is.
TIME_ZONE = "UTC"
USE_TZ = True

OAUTH2_PROVIDER = {
    "RESOURCE_SERVER_INTROSPECTION_URL": "http://127.0.0.1:3001/introspect",
    "RESOURCE_SERVER_INTROSPECTION_CREDENTIALS": ("warehouse", "SECRET"),
    # An answer is kept for so many seconds at most, and never beyond its `exp`. With 0 it refuses every token.
    "RESOURCE_SERVER_TOKEN_CACHING_SECONDS": 1,
}
