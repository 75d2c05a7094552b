package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// FetchBundle signs in and streams the evidence bundle of a case, named by its
// id or its number, to w.
func FetchBundle(ctx context.Context, base string, who Account, name string, w io.Writer) error {
	c, err := signIn(ctx, &http.Client{}, base, who, "en")
	if err != nil {
		return err
	}
	id := name
	if strings.Contains(name, "-") {
		var list struct {
			Cases []struct {
				ID string `json:"id"`
			} `json:"cases"`
		}
		if err := c.do(ctx, get("/api/v1/cases?queue=all&number="+url.QueryEscape(name)), &list); err != nil {
			return err
		}
		if len(list.Cases) != 1 {
			return errors.New("no such case")
		}
		id = list.Cases[0].ID
	}
	if err := c.do(ctx, get("/api/v1/cases/"+url.PathEscape(id)+"/bundle"), w); err != nil {
		return fmt.Errorf("fetch bundle: %w", err)
	}
	return nil
}
