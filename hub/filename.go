package hub

import (
	"path"
	"strings"
)

// endings are those that speak of a type. Any other ending says nothing:
// people write "2024.3.5" into names.
var endings = map[string]string{
	".pdf": "application/pdf", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".jpe": "image/jpeg", ".jfif": "image/jpeg",
	".png": "image/png", ".tif": "image/tiff", ".tiff": "image/tiff",
	".exe": "", ".com": "", ".scr": "", ".bat": "", ".cmd": "", ".js": "", ".vbs": "", ".ps1": "", ".lnk": "", ".hta": "",
	".htm": "", ".html": "", ".svg": "", ".zip": "", ".rar": "", ".7z": "", ".jar": "", ".apk": "", ".iso": "",
	".doc": "", ".docx": "", ".xls": "", ".xlsx": "", ".wps": "", ".ofd": "", ".gif": "", ".bmp": "", ".webp": "", ".heic": "",
}

// NameDiffers reports whether the ending of a file's name speaks of another
// type than its content has. "" is a content that is not known.
func NameDiffers(name, mediaType string) bool {
	want, known := endings[strings.ToLower(path.Ext(name))]
	return known && want != mediaType && mediaType != ""
}
