select guidance_id, body from guidance where organ = $1
